//! CBOR, as CloudWatch answers in it, as JSON. A time is its seconds since 1970.

use aws_smithy_cbor::Decoder;
use aws_smithy_cbor::data::Type;
use serde_json::{Map, Value};

/// Answers nest no deeper.
const MAX_DEPTH: u8 = 32;

/// A value; none where the bytes are none.
pub(super) fn read(bytes: &[u8]) -> Option<Value> {
    value(&mut Decoder::new(bytes), MAX_DEPTH)
}

fn value(decoder: &mut Decoder, depth: u8) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    Some(match decoder.datatype().ok()? {
        Type::Bool => decoder.boolean().ok()?.into(),
        Type::String | Type::StringIndef => decoder.str().ok()?.into_owned().into(),
        Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => {
            decoder.long().ok()?.into()
        }
        Type::F16 | Type::F32 | Type::F64 => decoder.double().ok()?.into(),
        Type::Tag => decoder.timestamp().ok()?.as_secs_f64().into(),
        Type::Array | Type::ArrayIndef => {
            let count = decoder.list().ok()?;
            let mut items = Vec::new();
            while more(decoder, count, items.len())? {
                items.push(value(decoder, depth)?);
            }
            items.into()
        }
        Type::Map | Type::MapIndef => {
            let count = decoder.map().ok()?;
            let mut members = Map::new();
            let mut read = 0;
            while more(decoder, count, read)? {
                let name = decoder.str().ok()?.into_owned();
                members.insert(name, value(decoder, depth)?);
                read += 1;
            }
            members.into()
        }
        Type::Null | Type::Undefined => {
            decoder.skip().ok()?;
            Value::Null
        }
        _ => return None,
    })
}

/// Whether a further item follows; the end of a list without a count is taken.
fn more(decoder: &mut Decoder, count: Option<u64>, read: usize) -> Option<bool> {
    match count {
        Some(count) => Some(u64::try_from(read).ok()? < count),
        None if decoder.datatype().ok()? == Type::Break => {
            decoder.skip().ok()?;
            Some(false)
        }
        None => Some(true),
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use aws_smithy_cbor::Encoder;
    use aws_smithy_types::DateTime;
    use serde_json::json;

    #[test]
    fn values_of_every_kind() {
        let mut encoder = Encoder::new(Vec::new());
        encoder.begin_map().str("a").array(2).integer(-3).double(1.5).str("b").boolean(true);
        encoder.str("t").timestamp(&DateTime::from_secs(1_700_000_000)).str("m").map(1).str("n").null().end();
        let expected = json!({"a": [-3, 1.5], "b": true, "t": 1_700_000_000.0, "m": {"n": null}});
        assert_eq!(read(&encoder.into_writer()), Some(expected));
        assert_eq!(read(&[0x9f; 64]), None);
        assert_eq!(read(&[0x82, 0x01]), None);
    }
}
