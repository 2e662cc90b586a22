/// A machine for pickles that makes plain data and executes nothing.
package org.duovox.convert.pickle;
