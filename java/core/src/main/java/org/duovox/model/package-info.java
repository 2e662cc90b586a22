/// The unit language model: its configuration, its files, its hidden states.
package org.duovox.model;
