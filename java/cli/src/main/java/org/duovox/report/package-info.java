/// Numbers and words for people.
package org.duovox.report;
