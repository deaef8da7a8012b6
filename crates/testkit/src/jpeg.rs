//! [`grey_jpeg`]: a complete baseline JPEG made by hand, with comments to hide words in.

/// A baseline JPEG (ISO/IEC 10918-1) of one component, every sample 128, with the text given in a
/// COM segment and in an APP1 segment that begins like Exif.
///
/// Its Huffman tables hold one code of one bit each, so that every 8 by 8 block is two zero bits:
/// no DC difference, end of block. `side` is a multiple of 16, at most 2048.
pub fn grey_jpeg(side: u16, comment: &str, exif: &str) -> Vec<u8> {
    let mut file = vec![0xFF, 0xD8];
    segment(&mut file, 0xE1, &[b"Exif\0\0", exif.as_bytes()].concat());
    segment(&mut file, 0xFE, comment.as_bytes());
    segment(&mut file, 0xDB, &[&[0][..], &[16; 64]].concat());
    let [high, low] = side.to_be_bytes();
    segment(&mut file, 0xC0, &[8, high, low, high, low, 1, 1, 0x11, 0]);
    for class in [0x00, 0x10] {
        let mut table = vec![class, 1];
        table.extend([0; 15]);
        table.push(0);
        segment(&mut file, 0xC4, &table);
    }
    segment(&mut file, 0xDA, &[1, 1, 0, 0, 63, 0]);
    let blocks = usize::from(side / 8).pow(2);
    // Two bits a block; a multiple of four blocks fills whole bytes.
    file.extend(std::iter::repeat_n(0, blocks / 4));
    file.extend([0xFF, 0xD9]);
    file
}

fn segment(file: &mut Vec<u8>, marker: u8, content: &[u8]) {
    file.extend([0xFF, marker]);
    file.extend((content.len() as u16 + 2).to_be_bytes());
    file.extend_from_slice(content);
}
