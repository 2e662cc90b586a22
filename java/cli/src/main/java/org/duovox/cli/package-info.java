/// The command line: where it starts, and the table of verbs.
///
/// The verbs are in the rooms below: `cli.units` (manifest, features, merge, kmeans, quantize,
/// align), `cli.exchange` (import, export, convert), `cli.model` (pretrain, embed, ssimi, abx,
/// score, swuggy, sblimp, slu, forward), `cli.world` (make-world, make-ssimi), `cli.recipe` (run,
/// demo, experiment, report) and `cli.machine` (fetch, doctor). Verb `x` is the class `XCommand`.
/// `cli.console` has what all verbs share.
package org.duovox.cli;
