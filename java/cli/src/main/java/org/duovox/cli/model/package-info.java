/// Verbs that train, run and evaluate unit language models: pretrain, slu, embed, ssimi, abx,
/// forward.
package org.duovox.cli.model;
