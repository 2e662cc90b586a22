/// The command line: where it starts.
package org.duovox.cli;
