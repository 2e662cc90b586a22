/// Verbs that train, run and evaluate unit language models: pretrain, slu, embed, ssimi, forward.
package org.duovox.cli.model;
