//! Issue 4, over stores in memory: synthetic objects go from the upload to their erasure; nothing is
//! lost, nothing is done twice, nothing leaks, whatever fails and however often an event comes.

#![allow(clippy::unwrap_used, reason = "a test may fail by panic")]

mod erase;
mod faults;
mod leaks;
mod races;
mod sweep;
mod upload;
mod way;
mod world;
