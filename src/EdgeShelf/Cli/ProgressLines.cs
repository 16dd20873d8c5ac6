using System.Text.Json.Nodes;
using EdgeShelf.Models.Making;

namespace EdgeShelf.Cli;

/// <summary>Reports progress as lines of JSON for a program: `{"step":"Learning and testing","progress":0.74}`, at most one for each hundredth.</summary>
/// <param name="steps">The titles of all steps, and the share of the whole work that each takes.</param>
sealed class ProgressLines(TextWriter output, IReadOnlyList<(string Title, double Share)> steps) : IStepProgress
{
    public IStep Begin(string title, int count) =>
        new Step(this, title, steps.TakeWhile(step => step.Title != title).Sum(step => step.Share), steps.First(step => step.Title == title).Share, count);

    void Write(string title, double progress)
    {
        output.WriteLine(new JsonObject { ["step"] = title, ["progress"] = Math.Round(progress, 2) }.ToJsonString());
        output.Flush();
    }

    sealed class Step : IStep
    {
        readonly ProgressLines _lines;
        readonly string _title;
        readonly double _before;
        readonly double _share;
        readonly int _count;
        double _told;

        public Step(ProgressLines lines, string title, double before, double share, int count)
        {
            (_lines, _title, _before, _share, _count, _told) = (lines, title, before, share, count, before);
            lines.Write(title, before);
        }

        public void Report(int value)
        {
            double now = _before + (_share * value / Math.Max(1, _count));
            if (now - _told < 0.01)
                return;
            _told = now;
            _lines.Write(_title, now);
        }

        public void Dispose()
        {
            // The next step, or the outcome, says that this one ended.
        }
    }
}
