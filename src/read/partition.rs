//! Which partition a Region is in (the SDKs' list of partitions).

use crate::value::PARTITIONS;

/// What the names of a partition's Regions begin with; those of `aws` begin with two letters of their own.
const BEGINNINGS: [(&str, &str); 7] = [
    ("us-gov-", "aws-us-gov"),
    ("cn-", "aws-cn"),
    ("eusc-", "aws-eusc"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-isof-", "aws-iso-f"),
];

/// The partition that a Region belongs to; none for what is not like a Region of any.
pub(crate) fn partition_of(region: &str) -> Option<&'static str> {
    if let Some((_, partition)) = BEGINNINGS.iter().find(|(beginning, _)| region.starts_with(beginning)) {
        return Some(partition);
    }
    let (place, rest) = region.split_once('-')?;
    let is_plain = place.len() == 2 && !rest.starts_with("iso");
    PARTITIONS.first().copied().filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_partition_has_its_regions() {
        let known: Vec<&str> = BEGINNINGS.iter().map(|(_, partition)| *partition).collect();
        assert!(PARTITIONS.iter().skip(1).all(|partition| known.contains(partition)));
        let regions = ["eu-west-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1", "us-iso-east-1", "us-isob-east-1"];
        let expected = ["aws", "aws-us-gov", "aws-cn", "aws-eusc", "aws-iso", "aws-iso-b"];
        assert_eq!(regions.map(|region| partition_of(region).unwrap_or_default()), expected);
        assert_eq!(partition_of("us-isox-east-1"), None);
        assert_eq!(partition_of("nowhere"), None);
    }
}
