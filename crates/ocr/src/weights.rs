//! The weights in a model's file: takes numbers out of them that are too small to count, and finds
//! those of a layer that is computed apart from the runtime.
//!
//! Training leaves channels that nothing reads any more, and decays their weights towards nothing
//! without ever reaching it. What is left are subnormal numbers: they change no output, but a
//! processor takes a hundred times as long for each of them. Of the detector's time they were half.

/// Sets to zero all weights of an ONNX model whose square is no normal number: beside any weight that
/// counts, they vanish in the rounding. The model is changed in place; what is not understood stays as
/// it is.
///
/// The form is that of Protocol Buffers: `ModelProto.graph` (7), `GraphProto.initializer` (5),
/// `TensorProto.data_type` (2, where 1 is float) and `.raw_data` (9), see the ONNX specification.
pub(crate) fn flush(model: &mut [u8]) {
    for_each(model, GRAPH, |graph| {
        for_each(graph, INITIALIZER, |tensor| {
            if is_float(tensor) {
                for_each(tensor, RAW_DATA, flush_floats);
            }
        });
    });
}

/// The weights of that name in an ONNX model, row by row; `None` if there are none, or not as 32-bit
/// floats in the field `raw_data`.
pub(crate) fn weights(model: &[u8], name: &str) -> Option<Vec<f32>> {
    let graph = content(model, GRAPH)?;
    let tensor = Fields::of(graph)
        .filter(|field| field.number == INITIALIZER && field.length_given)
        .map(|field| &graph[field.begin..field.end])
        .find(|tensor| content(tensor, NAME) == Some(name.as_bytes()) && is_float(tensor))?;
    let (numbers, rest) = content(tensor, RAW_DATA)?.as_chunks::<4>();
    let numbers = numbers.iter().map(|number| f32::from_le_bytes(*number));
    rest.is_empty().then(|| numbers.collect())
}

const GRAPH: u64 = 7;
const INITIALIZER: u64 = 5;
const DATA_TYPE: u64 = 2;
const FLOAT: u64 = 1;
const NAME: u64 = 8;
const RAW_DATA: u64 = 9;

/// The first field of that number with a length.
fn content(message: &[u8], wanted: u64) -> Option<&[u8]> {
    let found = Fields::of(message).find(|field| field.number == wanted && field.length_given)?;
    message.get(found.begin..found.end)
}

fn flush_floats(bytes: &mut [u8]) {
    let least = f32::MIN_POSITIVE.sqrt();
    let (numbers, _) = bytes.as_chunks_mut::<4>();
    for number in numbers {
        if f32::from_le_bytes(*number).abs() < least {
            *number = [0; 4];
        }
    }
}

/// Hands out the content of each field of that number with a length, in the order of the message.
fn for_each(message: &mut [u8], wanted: u64, mut with: impl FnMut(&mut [u8])) {
    let mut at = 0;
    while let Some(field) = Field::at(message, at) {
        if field.number == wanted
            && field.length_given
            && let Some(content) = message.get_mut(field.begin..field.end)
        {
            with(content);
        }
        at = field.end;
    }
}

fn is_float(tensor: &[u8]) -> bool {
    Fields::of(tensor)
        .find(|field| field.number == DATA_TYPE && !field.length_given)
        .and_then(|field| varint(tensor, field.begin))
        .is_some_and(|(value, _)| value == FLOAT)
}

/// The fields of a message, up to where it is broken.
struct Fields<'a> {
    message: &'a [u8],
    at: usize,
}

impl<'a> Fields<'a> {
    const fn of(message: &'a [u8]) -> Self {
        Self { message, at: 0 }
    }
}

impl Iterator for Fields<'_> {
    type Item = Field;

    fn next(&mut self) -> Option<Field> {
        let field = Field::at(self.message, self.at)?;
        self.at = field.end;
        Some(field)
    }
}

/// Where a field's content lies in its message.
struct Field {
    number: u64,
    begin: usize,
    end: usize,
    length_given: bool,
}

impl Field {
    /// The field that begins at `at`; `None` at the end and where the message is broken.
    fn at(message: &[u8], at: usize) -> Option<Self> {
        let (tag, begin) = varint(message, at)?;
        let (begin, end, length_given) = match tag & 7 {
            0 => (begin, varint(message, begin)?.1, false),
            1 => (begin, begin.checked_add(8)?, false),
            2 => {
                let (length, begin) = varint(message, begin)?;
                let length = usize::try_from(length).ok()?;
                (begin, begin.checked_add(length)?, true)
            }
            5 => (begin, begin.checked_add(4)?, false),
            _ => return None,
        };
        (end <= message.len()).then_some(Self {
            number: tag >> 3,
            begin,
            end,
            length_given,
        })
    }
}

/// A number in base 128, and what comes after it.
fn varint(message: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut value = 0;
    for (index, byte) in message.get(at..)?.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f).checked_shl(7 * index as u32)?;
        if byte & 0x80 == 0 {
            return Some((value, at + index + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(number: u8, content: &[u8]) -> Vec<u8> {
        let mut field = vec![number << 3 | 2, content.len() as u8];
        field.extend_from_slice(content);
        field
    }

    fn model(data_type: u8, numbers: &[f32]) -> Vec<u8> {
        let raw: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        let tensor = [vec![1 << 3, 3, 2 << 3, data_type], field(9, &raw)].concat();
        let graph = [field(1, b"node"), field(5, &tensor)].concat();
        [vec![1 << 3, 0x88, 0x01], field(7, &graph)].concat()
    }

    #[test]
    fn what_is_too_small_to_count_becomes_nothing_and_the_rest_stays() {
        let mut flushed = model(1, &[0.5, 1e-40, -1e-20, -1e-6, f32::NAN]);
        flush(&mut flushed);
        assert_eq!(flushed, model(1, &[0.5, 0.0, 0.0, -1e-6, f32::NAN]));
        // Other types than floats are left alone.
        let integers = model(7, &[1e-40]);
        let mut flushed = integers.clone();
        flush(&mut flushed);
        assert_eq!(flushed, integers);
    }

    #[test]
    fn broken_models_are_left_to_the_runtime() {
        let whole = model(1, &[1e-40, 2.0]);
        for length in 0..whole.len() {
            let mut cut = whole[..length].to_vec();
            flush(&mut cut);
            assert_eq!(cut.len(), length);
        }
        let mut endless = vec![0xff; 40];
        flush(&mut endless);
        assert_eq!(endless, vec![0xff; 40]);
    }
}
