/// Verbs of whole recipes: run, demo, report.
package org.duovox.cli.recipe;
