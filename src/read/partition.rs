//! Which partition a Region is in.

/// The partition that a Region belongs to; none for Regions whose names are not public knowledge.
pub(crate) fn partition_of(region: &str) -> Option<&'static str> {
    let (place, rest) = region.split_once('-')?;
    match place {
        "cn" => Some("aws-cn"),
        "us" if rest.starts_with("gov-") => Some("aws-us-gov"),
        _ if rest.starts_with("iso") || place.len() != 2 => None,
        _ => Some("aws"),
    }
}
