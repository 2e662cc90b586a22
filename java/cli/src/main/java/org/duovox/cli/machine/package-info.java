/// Verbs about the machine: doctor, fetch.
package org.duovox.cli.machine;
