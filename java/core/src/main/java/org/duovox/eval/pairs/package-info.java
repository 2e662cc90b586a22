/// Minimal pairs of ZeroSpeech 2021 by the likelihoods that a model gives them: sWUGGY and sBLIMP.
package org.duovox.eval.pairs;
