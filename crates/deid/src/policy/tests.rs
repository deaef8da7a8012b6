//! Tests of the policy: presets, options, overrides, files with faults.
