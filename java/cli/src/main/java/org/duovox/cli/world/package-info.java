/// Verbs that make spoken test beds: make-world, make-ssimi.
package org.duovox.cli.world;
