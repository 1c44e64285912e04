//! What a call is: where it is asked, what it needs, and what of its answer is evidence.

/// One kind of call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// The service, as the AWS CLI names it.
    pub service: &'static str,
    /// The operation, as the API names it.
    pub operation: &'static str,
    /// The IAM action that allows it.
    pub permission: &'static str,
    /// Where it is asked.
    pub scope: Scope,
    /// Error codes that say that there is none of what was asked for: an answer, not a failure.
    pub absent: &'static [&'static str],
    /// What is kept of the output, by paths such as `trailList[].Name`; whatever is below the end of a path is kept too.
    ///
    /// `a.{b,c}` stands for `a.b` and `a.c`. A name may end in what the AWS CLI makes of the value: `:time` ISO 8601,
    /// `:int`, `:number`, `:bool`, `:document` a JSON document in place of its text. Behind `>` comes the member that is
    /// kept of a text that is JSON. Of `a[?b]` the items are kept whose `b` is kept and true. `:stack` is kept of a tag of
    /// CloudFormation alone, one of [`super::STACK_TAGS`].
    pub fields: &'static [&'static str],
    /// Whether verdicts rest on the answer. What does not only leads to the source: evidence is complete without it.
    pub is_judged: bool,
}

/// Where a call is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Once for an account, in the Region that leads its partition.
    Global,
    /// In every enabled Region of an account.
    EachRegion,
    /// In the Region of the resource that is asked about.
    Home,
}

impl Call {
    /// The call of that operation.
    pub fn find(service: &str, operation: &str) -> Option<&'static Call> {
        super::CALLS.iter().find(|call| call.service == service && call.operation == operation)
    }

    pub(super) const fn absent(self, absent: &'static [&'static str]) -> Call {
        Call { absent, ..self }
    }

    /// No verdict rests on it.
    pub(super) const fn unjudged(self) -> Call {
        Call { is_judged: false, ..self }
    }
}

/// Operation, permission, scope and fields of a call.
pub(super) const fn call(
    service: &'static str,
    operation: &'static str,
    permission: &'static str,
    scope: Scope,
    fields: &'static [&'static str],
) -> Call {
    Call { service, operation, permission, scope, absent: &[], fields, is_judged: true }
}
