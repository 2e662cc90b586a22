/// What all verbs share: common options, outputs, progress, failures, signals.
package org.duovox.cli.console;
