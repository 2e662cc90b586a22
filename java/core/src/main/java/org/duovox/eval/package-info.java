/// Scores: sSIMI of ZeroSpeech 2021, accuracy, confusion matrices, and the intervals around them.
package org.duovox.eval;
