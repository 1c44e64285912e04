//! Ready documents that protect an audit trail, filled in for one estate.
//!
//! The documents are the files of `policies/`: JSON with placeholders such as `${TrailArn}`, and for each kind of
//! document a CloudFormation and a Terraform resource that carries it. They are compiled in; this module fills and prints
//! them. It may not know the command line, nor what the checks think of the documents: a law of the tests holds the two
//! against each other.

mod document;
mod values;

pub use document::Document;
pub use values::{Flag, Shape, Values};

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The bare document.
    Json,
    /// A template with one resource.
    CloudFormation,
    /// Resources of the AWS provider.
    Terraform,
}

/// A document of `policies/`.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// Its path in `policies/` without its ending.
    pub name: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
    json: &'static str,
    cloudformation: &'static str,
    terraform: &'static str,
}

/// A row of the list: the document `$kind/$name`, or another of that kind, carried by `$kind/$resource.yaml` and `.tf`.
macro_rules! reference {
    ($kind:literal, $name:literal, $resource:literal, $about:literal) => {
        reference!($kind, $name, $name, $resource, $about)
    };
    ($kind:literal, $name:literal, $document:literal, $resource:literal, $about:literal) => {
        Reference {
            name: concat!($kind, "/", $name),
            about: $about,
            json: include_str!(concat!("../policies/", $kind, "/", $document, ".json")),
            cloudformation: include_str!(concat!("../policies/", $kind, "/", $resource, ".yaml")),
            terraform: include_str!(concat!("../policies/", $kind, "/", $resource, ".tf")),
        }
    };
}

/// Every document, sorted by name.
pub const ALL: [Reference; 15] = [
    reference!(
        "bucket",
        "account_trail",
        "resource",
        "lets one trail deliver; refuses deletion of logs and plain HTTP"
    ),
    reference!(
        "bucket",
        "log_archive",
        "log_archive",
        "settings of the log bucket: locked for a year, versioned, private"
    ),
    reference!("bucket", "organization_trail", "resource", "lets an organization's trail deliver; refuses the same"),
    reference!("event_rule", "tampering", "resource", "reports calls that stop, delete, redirect or narrow the trail"),
    reference!("key", "event_data_store", "resource", "lets CloudTrail Lake encrypt and read its events"),
    reference!("key", "trail", "resource", "lets one trail encrypt its logs; the account decides who reads them"),
    reference!(
        "organization",
        "audit_trail",
        "resource",
        "keeps members from trail, Lake, log bucket, key and detection"
    ),
    reference!("organization", "trails", "resource", "keeps members from stopping, deleting or changing trails"),
    reference!("role", "account_trail", "resource", "lets one trail write to its log group"),
    reference!("role", "organization_trail", "resource", "lets an organization's trail write to its log group"),
    reference!("role", "scan", "scan", "lets another account scan this one: every call of the scan, and nothing else"),
    reference!(
        "role",
        "scan_caller",
        "scan_caller",
        "lets whoever scans an organization assume that role, and list the accounts"
    ),
    reference!(
        "role",
        "scan_stack_set",
        "scan",
        "scan_stack_set",
        "rolls that role out to every account of the organization, the management account included"
    ),
    reference!("topic", "event_rule", "resource", "lets one event rule publish to the topic that it alerts"),
    reference!("topic", "trail", "resource", "lets one trail announce its deliveries"),
];

/// The document of a name.
pub fn find(name: &str) -> Option<&'static Reference> {
    ALL.iter().find(|reference| reference.name == name)
}

impl Reference {
    /// The document with its values, or the flags of those that it needs and that were not given.
    pub fn document(&self, values: &Values) -> Result<Document, Vec<Flag>> {
        let missing = values.missing(&[self.json]);
        if !missing.is_empty() {
            return Err(missing);
        }
        Ok(document::fill(self.json, values))
    }

    /// What to print, or the flags of the values that this needs and that were not given.
    pub fn render(&self, values: &Values, form: Form) -> Result<String, Vec<Flag>> {
        let carrier = self.carrier(form);
        let missing = values.missing(&[self.json, carrier]);
        if !missing.is_empty() {
            return Err(missing);
        }
        let mut values = values.clone();
        values.set("Name", self.name.replace(['/', '_'], "-"));
        values.set("Description", format!("{} (trailproof policy {})", self.about, self.name));
        let document = document::fill(self.json, &values);
        Ok(match form {
            Form::Json => document.json(0) + "\n",
            Form::CloudFormation => document::carry(carrier, &document, &values, Document::yaml),
            Form::Terraform => document::carry(carrier, &document, &values, Document::hcl),
        })
    }

    /// The flags of values that were given, and that this document has no place for.
    pub fn unused(&self, values: &Values, form: Form) -> Vec<Flag> {
        values.unused(&[self.json, self.carrier(form)])
    }

    fn carrier(&self, form: Form) -> &'static str {
        match form {
            Form::Json => "",
            Form::CloudFormation => self.cloudformation,
            Form::Terraform => self.terraform,
        }
    }
}
