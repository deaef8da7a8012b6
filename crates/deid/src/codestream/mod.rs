//! codestream.
