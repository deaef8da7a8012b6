//! Marker segments of a JPEG stream that say how its samples are to be read, kept for the stream
//! that takes its place.

/// JFIF and Adobe segments (ITU-T T.871, ISO/IEC 10918-6), by which readers choose the transform
/// of colours, without the thumbnail that the former can hold. Comments and all other application
/// segments are free text or pictures: they are left out.
pub(crate) fn kept(stream: &[u8]) -> Vec<u8> {
    let mut kept = Vec::new();
    for (marker, payload) in Segments::new(stream) {
        let payload = match (marker, payload) {
            // After twelve bytes comes the size of the thumbnail: none.
            (0xE0, payload) if payload.len() >= 14 && payload.starts_with(b"JFIF\0") => {
                [&payload[..12], &[0, 0]].concat()
            }
            (0xEE, payload) if payload.len() >= 12 && payload.starts_with(b"Adobe") => {
                payload[..12].to_vec()
            }
            _ => continue,
        };
        kept.extend_from_slice(&[0xFF, marker, 0, payload.len() as u8 + 2]);
        kept.extend_from_slice(&payload);
    }
    kept
}

/// The identifiers of the components of a frame header (SOF of JPEG or JPEG-LS).
pub(super) fn component_ids(stream: &[u8]) -> Vec<u8> {
    Segments::new(stream)
        .find(|(marker, _)| matches!(marker, 0xC0..=0xC3 | 0xF7))
        .and_then(|(_, payload)| payload.get(6..))
        .map(|components| components.chunks_exact(3).map(|c| c[0]).collect())
        .unwrap_or_default()
}

/// Whether the first scan has more than one component.
pub(super) fn is_mixed(stream: &[u8]) -> bool {
    Segments::new(stream)
        .find(|(marker, _)| *marker == 0xDA)
        .is_some_and(|(_, payload)| payload.first().is_some_and(|count| *count > 1))
}

/// The segments before the first scan, and the head of that scan.
pub(super) struct Segments<'s> {
    stream: &'s [u8],
    position: usize,
}

impl<'s> Segments<'s> {
    pub(super) fn new(stream: &'s [u8]) -> Self {
        let start = stream.windows(2).position(|pair| pair == [0xFF, 0xD8]);
        Self {
            stream,
            position: start.map_or(stream.len(), |at| at + 2),
        }
    }
}

impl<'s> Iterator for Segments<'s> {
    type Item = (u8, &'s [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let found = self
                .stream
                .get(self.position..)?
                .iter()
                .position(|byte| *byte == 0xFF)?;
            self.position += found + 1;
            let marker = *self.stream.get(self.position)?;
            if matches!(marker, 0 | 0xFF) {
                continue;
            }
            self.position += 1;
            if matches!(marker, 0x01 | 0xD0..=0xD8) {
                continue;
            }
            if marker == 0xD9 {
                self.position = self.stream.len();
                return None;
            }
            let length = *self.stream.get(self.position..)?.first_chunk::<2>()?;
            let length = usize::from(u16::from_be_bytes(length)).max(2);
            let payload = self.stream.get(self.position + 2..self.position + length)?;
            self.position = if marker == 0xDA {
                self.stream.len()
            } else {
                self.position + length
            };
            return Some((marker, payload));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thumbnails_comments_and_other_segments_are_left_out() {
        let mut stream = vec![0xFF, 0xD8];
        let mut add = |marker: u8, payload: &[u8]| {
            stream.extend_from_slice(&[0xFF, marker, 0, payload.len() as u8 + 2]);
            stream.extend_from_slice(payload);
        };
        add(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01abc");
        add(0xE0, b"JFXX\0\x10thumbnail");
        add(0xE1, b"Exif\0\0Jane");
        add(0xEE, b"Adobe\0\x64\0\0\0\0\x01");
        add(0xFE, b"Jane Doe");
        add(0xC3, &[16, 0, 1, 0, 1, 2, 7, 0x11, 0, 9, 0x11, 0]);
        let expected: &[u8] = b"\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\
            \xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0\x01";
        assert_eq!(kept(&stream), expected);
        assert_eq!(component_ids(&stream), [7, 9]);
    }
}
