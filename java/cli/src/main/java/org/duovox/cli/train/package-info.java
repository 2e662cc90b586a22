/// Verbs of models: pretrain, embed, ssimi, slu, forward.
package org.duovox.cli.train;
