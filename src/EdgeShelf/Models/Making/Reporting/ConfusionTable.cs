using System.Globalization;
using System.Net;
using System.Text;
using EdgeShelf.Models.Making.Evaluation;

namespace EdgeShelf.Models.Making.Reporting;

/// <summary>Writes the confusion table: true classes are rows, answers are columns, and a larger share is darker. Classes that occur in neither are left out.</summary>
static class ConfusionTable
{
    public static string ToHtml(IReadOnlyList<Judgement> judgements, IReadOnlyList<ClassLabel> labels)
    {
        int[] classes = [.. judgements.SelectMany(judgement => new[] { judgement.Truth, judgement.Top[0] }).Distinct().Order()];
        Dictionary<(int Truth, int Answer), int> counts = judgements.GroupBy(judgement => (judgement.Truth, judgement.Top[0])).ToDictionary(group => group.Key, group => group.Count());
        Dictionary<int, int> shown = judgements.GroupBy(judgement => judgement.Truth).ToDictionary(group => group.Key, group => group.Count());
        StringBuilder html = new("<table class=confusion><tr><th>");
        foreach (int answer in classes)
            html.Append(CultureInfo.InvariantCulture, $"<th title=\"{Name(answer)}\">{answer}");
        foreach (int truth in classes)
        {
            html.Append(CultureInfo.InvariantCulture, $"\n<tr><th class=name>{truth} {Name(truth)}");
            foreach (int answer in classes)
            {
                int count = counts.GetValueOrDefault((truth, answer));
                double share = (double)count / Math.Max(1, shown.GetValueOrDefault(truth));
                html.Append(count == 0 ? "<td>" : string.Create(
                    CultureInfo.InvariantCulture, $"<td style=\"background:rgb({(truth == answer ? "60 140 80" : "200 60 50")} / {0.15 + (0.85 * share):0.00})\" title=\"{Name(truth)} answered as {Name(answer)}\">{count}"));
            }
        }

        return html.Append("</table>").ToString();

        string Name(int index) => WebUtility.HtmlEncode(labels[index].Label);
    }
}
