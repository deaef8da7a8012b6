//! The convolutions against the definition, on shapes that fit no tile.

use super::*;

/// Numbers that look random and are the same each time.
fn numbers(count: usize, mut state: u32) -> Vec<f32> {
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

struct Case {
    inputs: usize,
    outputs: usize,
    side: usize,
    step: usize,
    height: usize,
    width: usize,
    is_depthwise: bool,
}

impl Case {
    fn weights(&self) -> Vec<f32> {
        let seen = if self.is_depthwise { 1 } else { self.inputs };
        numbers(self.outputs * seen * self.side * self.side, 5)
    }

    /// One number of the output, by the definition.
    fn expected(&self, input: &[f32], bias: &[f32], [output, y, x]: [usize; 3]) -> f32 {
        let weights = self.weights();
        let seen = if self.is_depthwise { 1 } else { self.inputs };
        let half = (self.side - 1) / 2;
        let mut sum = bias[output];
        for channel in 0..seen {
            let plane = if self.is_depthwise { output } else { channel };
            for ky in 0..self.side {
                for kx in 0..self.side {
                    let (y, x) = (self.step * y + ky, self.step * x + kx);
                    let inside = (half..self.height + half).contains(&y)
                        && (half..self.width + half).contains(&x);
                    if inside {
                        let weight =
                            weights[((output * seen + channel) * self.side + ky) * self.side + kx];
                        let at = (plane * self.height + y - half) * self.width + x - half;
                        sum += weight * input[at];
                    }
                }
            }
        }
        sum
    }

    fn hold(&self) {
        let input = numbers(self.inputs * self.height * self.width, 3);
        let bias = numbers(self.outputs, 4);
        let weights = self.weights();
        let stride = [Stride::One, Stride::Two][self.step - 1];
        let (height, width) = (self.height / self.step, self.width / self.step);
        let output = if self.is_depthwise {
            let convolution = Depthwise::new(weights, bias.clone(), self.side, stride);
            let output = convolution.unwrap().run(&input, self.height, self.width);
            let (shape, values) = output.unwrap();
            assert_eq!(shape, [self.outputs, height, width]);
            values
        } else {
            let shape = [self.outputs, self.inputs, self.side];
            let convolution = Dense::new(&weights, &bias, shape, stride).unwrap();
            let shape = [self.inputs, self.height, self.width];
            let mut planes = Planes::from_slice(&input, shape, convolution.rim());
            if stride == Stride::Two {
                planes = planes.phases();
            }
            let output = convolution.run(&planes, Then::Plain).to_vec();
            let again = convolution.run(&planes, Then::Relu).to_vec();
            let relu = output.iter().map(|value| value.max(0.0));
            assert!(again.into_iter().eq(relu));
            output
        };
        for channel in 0..self.outputs {
            for y in 0..height {
                for x in 0..width {
                    let expected = self.expected(&input, &bias, [channel, y, x]);
                    let found = output[(channel * height + y) * width + x];
                    assert!((found - expected).abs() < 1e-4, "{channel} {y} {x}");
                }
            }
        }
    }
}

/// Holds kernels of these sides and steps to the definition, on planes of these heights and widths that
/// the step divides.
fn hold(
    kernels: &[(usize, usize)],
    channels: &[(usize, usize)],
    sizes: &[(usize, usize)],
    is_depthwise: bool,
) {
    for &(side, step) in kernels {
        for &(inputs, outputs) in channels {
            for &(height, width) in sizes.iter().filter(|size| size.0 % step == 0) {
                Case {
                    inputs,
                    outputs,
                    side,
                    step,
                    height,
                    width,
                    is_depthwise,
                }
                .hold();
            }
        }
    }
}

#[test]
fn sums_are_those_of_the_definition() {
    let kernels = [(1, 1), (2, 1), (3, 1), (5, 1), (7, 1), (3, 2), (5, 2)];
    let channels = [(1, 1), (3, 6), (5, 8)];
    hold(&kernels, &channels, &[(2, 2), (6, 4), (14, 22)], false);
}

#[test]
fn planes_by_themselves_do_not_meet() {
    let kernels = [(1, 1), (3, 1), (7, 1), (3, 2), (5, 2)];
    hold(
        &kernels,
        &[(3, 3)],
        &[(1, 1), (5, 3), (9, 40), (6, 8)],
        true,
    );
}

#[test]
fn the_input_is_added_after_the_sums_are_cut() {
    let input = Planes::from_slice(&numbers(4 * 35, 1), [4, 5, 7], 1);
    let weights = numbers(4 * 4 * 9, 2);
    let convolution = Dense::new(&weights, &[0.0; 4], [4, 4, 3], Stride::One).unwrap();
    let mut expected = convolution.run(&input, Then::Relu);
    expected.add(&input);
    let found = convolution.run(&input, Then::ReluAndInput);
    assert!(found.to_vec().iter().eq(&expected.to_vec()));
}

#[test]
fn weights_that_are_too_few_make_no_convolution() {
    assert!(Dense::new(&[0.0; 8], &[0.0], [1, 1, 3], Stride::One).is_none());
    assert!(Dense::new(&[0.0; 9], &[0.0; 2], [1, 1, 3], Stride::One).is_none());
    assert!(Depthwise::new(vec![0.0; 9], vec![0.0; 2], 3, Stride::One).is_none());
    let one = Depthwise::new(vec![0.0; 9], vec![0.0], 3, Stride::One).unwrap();
    assert!(one.run(&[0.0; 8], 3, 3).is_none());
}
