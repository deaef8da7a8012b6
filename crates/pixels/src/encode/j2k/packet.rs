//! Packets of JPEG 2000 (ISO/IEC 15444-1 annex B): which blocks there are, how long they are, and
//! their bytes. There is one layer and one precinct, so every block is in its first packet or in
//! none.

use super::block::Coded;

/// The blocks of one band, line by line.
pub(super) struct BandBlocks {
    pub(super) wide: usize,
    pub(super) blocks: Vec<Coded>,
    /// Bit planes that the header gives the band (Mb of E.1).
    pub(super) planes: u32,
}

/// Appends the packet of a resolution. `None` if a block has more bit planes than its band.
pub(super) fn write(bands: &[BandBlocks], out: &mut Vec<u8>) -> Option<()> {
    let mut bits = Bits::default();
    // B.10.3: the packet is not empty, even if all of its blocks are.
    bits.put(1, 1);
    for band in bands.iter().filter(|band| !band.blocks.is_empty()) {
        let absent = |block: &Coded| u32::from(block.planes == 0);
        let mut included = TagTree::new(band.wide, band.blocks.iter().map(absent));
        let mut missing = Vec::with_capacity(band.blocks.len());
        for block in &band.blocks {
            missing.push(band.planes.checked_sub(block.planes)?);
        }
        let mut planes = TagTree::new(band.wide, missing.iter().copied());
        for (at, block) in band.blocks.iter().enumerate() {
            included.write(at, 1, &mut bits);
            if block.planes == 0 {
                continue;
            }
            planes.write(at, missing[at] + 1, &mut bits);
            write_passes(block.passes(), &mut bits);
            write_length(block, &mut bits);
        }
    }
    bits.finish(out);
    for block in bands.iter().flat_map(|band| &band.blocks) {
        out.extend_from_slice(&block.bytes);
    }
    Some(())
}

/// Table B.4.
fn write_passes(passes: u32, bits: &mut Bits) {
    match passes {
        1 => bits.put(0, 1),
        2 => bits.put(0b10, 2),
        3..=5 => bits.put(0b1100 | (passes - 3), 4),
        6..=36 => bits.put(0b1111 << 5 | (passes - 6), 9),
        _ => bits.put(0b1_1111_1111 << 7 | (passes - 37), 16),
    }
}

/// The length in as many bits as it needs (B.10.7.1); they begin at three.
fn write_length(block: &Coded, bits: &mut Bits) {
    let length = block.bytes.len() as u32;
    let needed = 32 - length.leading_zeros();
    let own = block.passes().ilog2();
    let more = needed.saturating_sub(3 + own);
    for _ in 0..more {
        bits.put(1, 1);
    }
    bits.put(0, 1);
    bits.put(length, 3 + more + own);
}

/// Bits of a packet header: after a byte of FF a zero bit is stuffed (B.10.1).
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    byte: u8,
    held: u32,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        for at in (0..count).rev() {
            self.byte = self.byte << 1 | (value >> at & 1) as u8;
            self.held += 1;
            if self.held == self.room() {
                self.bytes.push(self.byte);
                (self.byte, self.held) = (0, 0);
            }
        }
    }

    fn room(&self) -> u32 {
        if self.bytes.last() == Some(&0xFF) {
            7
        } else {
            8
        }
    }

    fn finish(mut self, out: &mut Vec<u8>) {
        if self.held > 0 || self.room() == 7 {
            let missing = self.room() - self.held;
            self.put(0, missing);
        }
        out.extend_from_slice(&self.bytes);
    }
}

/// A tag tree (B.10.2): numbers of blocks, each told as far as it is asked for.
struct TagTree {
    /// From the leaves to the root: how wide a level is, and its nodes.
    levels: Vec<(usize, Vec<Node>)>,
}

#[derive(Clone, Copy)]
struct Node {
    value: u32,
    /// The value is known not to be below.
    told: u32,
    known: bool,
}

impl TagTree {
    fn new(wide: usize, values: impl Iterator<Item = u32>) -> Self {
        let node = |value| Node {
            value,
            told: 0,
            known: false,
        };
        let mut levels = vec![(wide, values.map(node).collect::<Vec<_>>())];
        while let Some((wide, nodes)) = levels.last().filter(|(_, nodes)| nodes.len() > 1) {
            let (across, down) = (wide.div_ceil(2), (nodes.len() / wide).div_ceil(2));
            let mut parents = vec![node(u32::MAX); across * down];
            for (at, child) in nodes.iter().enumerate() {
                let parent = &mut parents[at / wide / 2 * across + at % wide / 2];
                parent.value = parent.value.min(child.value);
            }
            levels.push((across, parents));
        }
        Self { levels }
    }

    /// Tells whether the value of a leaf is below a threshold, and if it is, which it is.
    fn write(&mut self, leaf: usize, threshold: u32, bits: &mut Bits) {
        let wide = self.levels[0].0;
        let (x, y) = (leaf % wide, leaf / wide);
        let mut low = 0;
        for (level, (wide, nodes)) in self.levels.iter_mut().enumerate().rev() {
            let node = &mut nodes[(y >> level) * *wide + (x >> level)];
            low = low.max(node.told);
            while low < threshold {
                if low >= node.value {
                    if !node.known {
                        bits.put(1, 1);
                        node.known = true;
                    }
                    break;
                }
                bits.put(0, 1);
                low += 1;
            }
            node.told = low;
        }
    }
}
