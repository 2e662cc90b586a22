/// What all verbs share: options, outputs, progress, failures.
package org.duovox.cli.console;
