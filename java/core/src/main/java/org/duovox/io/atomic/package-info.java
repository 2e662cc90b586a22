/// Writes outputs that are there whole or not at all, even when the process is killed.
package org.duovox.io.atomic;
