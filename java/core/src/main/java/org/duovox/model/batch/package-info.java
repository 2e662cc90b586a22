/// Windows of utterances as rows of a native batch.
package org.duovox.model.batch;
