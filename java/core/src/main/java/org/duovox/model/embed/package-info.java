/// Hidden states of utterances, and files of them.
package org.duovox.model.embed;
