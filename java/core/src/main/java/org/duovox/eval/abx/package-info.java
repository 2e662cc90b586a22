/// ABX phone discrimination, as ZeroSpeech computes it: item files, frames of many forms, dynamic
/// time warping, errors by pair of phones.
package org.duovox.eval.abx;
