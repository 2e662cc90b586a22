/// Verbs that train, run and evaluate unit language models: pretrain, slu, embed, ssimi, abx,
/// score, swuggy, sblimp, forward.
package org.duovox.cli.model;
