/// The unit language model: its configuration, its files, its native side.
package org.duovox.model;
