//! Why a call has no answer, told apart as a reader of the evidence needs it.

use crate::read::account::Call;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::{ErrorMetadata, ProvideErrorMetadata};
use serde::Serialize;
use std::error::Error;

/// An error in the place of an answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Refusal {
    /// The code that the service gave, or a word of ours where no service answered.
    pub(super) code: String,
    pub(super) message: String,
    /// The IAM action that the asker has not; none where it would not help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) permission: Option<String>,
}

/// What services call it that somebody may not do something.
const DENIED: [&str; 5] = [
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "AuthorizationErrorException",
    "UnauthorizedOperation",
];

/// What they say where a permission would not help: a policy of the organization denies.
const BY_ORGANIZATION: [&str; 2] = ["service control policy", "resource control policy"];

/// Codes of credentials whose time is over.
const EXPIRED: [&str; 4] = ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired"];

/// Codes of credentials that a Region does not know, as one that is not enabled for the account.
const UNKNOWN: [&str; 4] =
    ["UnrecognizedClientException", "InvalidClientTokenId", "OptInRequired", "InvalidAccessKeyId"];

impl Refusal {
    /// A refusal in our own words.
    pub(super) fn own(code: &str, message: impl Into<String>) -> Refusal {
        Refusal { code: code.to_owned(), message: message.into(), permission: None }
    }

    /// What an error of the SDK says.
    pub(super) fn of<E: ProvideErrorMetadata + Error + 'static>(
        error: &SdkError<E, HttpResponse>,
        call: &Call,
    ) -> Refusal {
        match error {
            SdkError::ServiceError(said) => {
                let status = said.raw().status().as_u16();
                let code = said.err().code().map_or_else(|| without_code(status), str::to_owned);
                let message = said.err().message().unwrap_or("the service says no more").to_owned();
                let permission = (DENIED.contains(&code.as_str()) && !is_by_organization(&message))
                    .then(|| call.permission.to_owned());
                Refusal { code, message, permission }
            }
            SdkError::TimeoutError(_) => Refusal::own("Timeout", "no answer came in time"),
            SdkError::ResponseError(response) => {
                let status = response.raw().status().as_u16();
                Refusal::own(&without_code(status), format!("the answer cannot be read: {}", innermost(error)))
            }
            SdkError::DispatchFailure(failure) if failure.is_timeout() => {
                Refusal::own("Timeout", "no connection was made in time")
            }
            error => {
                Refusal::of_credentials(error).unwrap_or_else(|| Refusal::own("ConnectionFailed", innermost(error)))
            }
        }
    }

    /// Why there were no credentials to ask with, if that is what went wrong: of a role, what was said when it was assumed.
    pub(super) fn of_credentials(error: &(dyn Error + 'static)) -> Option<Refusal> {
        let found = chain(error).find(|error| error.is::<CredentialsError>())?;
        let said = chain(found).find_map(|error| error.downcast_ref::<SdkError<AssumeRoleError, HttpResponse>>());
        let assume = Call::find("sts", "AssumeRole").zip(said).map(|(call, said)| Refusal::of(said, call));
        Some(assume.unwrap_or_else(|| Refusal::own("NoCredentials", innermost(found))))
    }

    /// Whether a permission is missing, or a policy of the organization denies.
    pub(super) fn is_denied(&self) -> bool {
        DENIED.contains(&self.code.as_str())
    }

    /// Whether a policy of the organization denies it, whatever the asker's permissions.
    pub(super) fn is_by_organization(&self) -> bool {
        self.is_denied() && is_by_organization(&self.message)
    }

    /// Whether the credentials' time is over.
    pub(super) fn is_expired(&self) -> bool {
        EXPIRED.contains(&self.code.as_str())
    }

    /// Whether the same may be answered a little later: the service failed, or no answer came.
    pub(super) fn is_passing(&self) -> bool {
        self.code.starts_with("HTTP5") || ["Timeout", "ConnectionFailed"].contains(&self.code.as_str())
    }

    /// Whether the Region does not know the credentials.
    pub(super) fn is_unknown_here(&self) -> bool {
        UNKNOWN.contains(&self.code.as_str())
    }
}

fn is_by_organization(message: &str) -> bool {
    BY_ORGANIZATION.iter().any(|words| message.contains(words))
}

/// A word for an answer that has none of its own.
fn without_code(status: u16) -> String {
    if (200..300).contains(&status) { "UnreadableAnswer".to_owned() } else { format!("HTTP{status}") }
}

/// An error and its causes.
fn chain<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}

/// The innermost reason, in words.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let last = chain(error).last().unwrap_or(error);
    match last.downcast_ref::<ErrorMetadata>() {
        Some(said) => {
            format!("{}: {}", said.code().unwrap_or("an error"), said.message().unwrap_or("the service says no more"))
        }
        None => last.to_string(),
    }
}
