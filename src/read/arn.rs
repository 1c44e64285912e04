//! The parts of the ARNs that answers name things by (AWS General Reference, "Amazon Resource Names").

/// The parts of an ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws` or another partition.
    pub partition: &'a str,
    /// The service.
    pub service: &'a str,
    /// The Region; empty where the thing is in none.
    pub region: &'a str,
    /// The account's id; empty where the thing is in none.
    pub account: &'a str,
    /// What it is there: kind and name.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// None for texts that are no ARN.
    pub fn parse(text: &'a str) -> Option<Arn<'a>> {
        let mut parts = text.strip_prefix("arn:")?.splitn(5, ':');
        let (partition, service) = (parts.next()?, parts.next()?);
        Some(Arn { partition, service, region: parts.next()?, account: parts.next()?, resource: parts.next()? })
    }

    /// The name of a log group, where it is one, whether all its streams are meant or not.
    pub fn log_group(&self) -> Option<&'a str> {
        let name = self.resource.strip_prefix("log-group:")?;
        Some(name.strip_suffix(":*").unwrap_or(name))
    }

    /// What stands behind the last slash or colon of the resource.
    pub fn name(&self) -> &'a str {
        self.resource.rsplit(['/', ':']).next().unwrap_or(self.resource)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_are_cut_at_their_colons() {
        let trail = Arn::parse("arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit");
        let parts = trail.map(|arn| (arn.partition, arn.region, arn.account, arn.name()));
        assert_eq!(parts, Some(("aws", "eu-west-1", "111122223333", "audit")));
        let group = Arn::parse("arn:aws:logs:eu-west-1:111122223333:log-group:a/b:*");
        assert_eq!(group.map(|arn| arn.resource), Some("log-group:a/b:*"));
        assert_eq!(Arn::parse("audit"), None);
    }
}
