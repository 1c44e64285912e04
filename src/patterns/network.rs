//! Ranges of addresses.

use std::net::IpAddr;

/// A range of addresses: `10.0.0.0/24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    length: u8,
}

impl Network {
    /// The range that a text is.
    pub fn parse(text: &str) -> Option<Network> {
        let (first, length) = text.split_once('/')?;
        let first: IpAddr = first.parse().ok()?;
        let length: u8 = length.parse().ok()?;
        let most = if first.is_ipv4() { 32 } else { 128 };
        (length <= most).then_some(Network { first, length })
    }

    /// Whether an address is in it.
    pub fn holds(&self, text: &str) -> bool {
        let shift = |bits: u128, width: u8| bits.checked_shr(u32::from(width - self.length)).unwrap_or(0);
        match (self.first, text.parse::<IpAddr>()) {
            (IpAddr::V4(a), Ok(IpAddr::V4(b))) => shift(a.to_bits().into(), 32) == shift(b.to_bits().into(), 32),
            (IpAddr::V6(a), Ok(IpAddr::V6(b))) => shift(a.to_bits(), 128) == shift(b.to_bits(), 128),
            _ => false,
        }
    }

    /// An address in it.
    pub fn sample(&self) -> String {
        self.first.to_string()
    }
}
