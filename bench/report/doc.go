// Package report writes what a benchmark measured, for people: as Markdown, as an HTML page with plots, and as what became slower between two runs.
//
// A report shows every query that was to be measured, also where an engine failed. Ratios say how many times as fast the first engine of the pair is. It
// reads nothing but measure.Result, so that a report can be made anew from the JSON of a run.
package report
