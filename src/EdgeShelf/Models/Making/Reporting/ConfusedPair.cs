using System.Globalization;
using System.Net;
using System.Text;
using EdgeShelf.Models.Making.Evaluation;

namespace EdgeShelf.Models.Making.Reporting;

/// <summary>One product that was taken for another.</summary>
/// <param name="Truth">The index of the product in the pictures.</param>
/// <param name="Answer">The index of the product that was answered.</param>
/// <param name="Images">The number of pictures of the one that were answered as the other.</param>
/// <param name="Shown">The number of pictures of the one.</param>
sealed record ConfusedPair(int Truth, int Answer, int Images, int Shown)
{
    const int PairsShown = 40;

    /// <summary>All pairs, the one with most pictures first, and of equal ones that with the larger share.</summary>
    public static IReadOnlyList<ConfusedPair> Of(IReadOnlyList<Judgement> judgements)
    {
        Dictionary<int, int> shown = judgements.GroupBy(judgement => judgement.Truth).ToDictionary(group => group.Key, group => group.Count());
        return [.. judgements.Where(judgement => !judgement.IsRight).GroupBy(judgement => (judgement.Truth, Answer: judgement.Top[0]))
            .Select(group => new ConfusedPair(group.Key.Truth, group.Key.Answer, group.Count(), shown[group.Key.Truth]))
            .OrderByDescending(pair => pair.Images).ThenBy(pair => pair.Shown).ThenBy(pair => pair.Truth).ThenBy(pair => pair.Answer)];
    }

    /// <summary>The table of the report, with a bar for the share of the product's pictures.</summary>
    public static string ToHtml(IReadOnlyList<Judgement> judgements, IReadOnlyList<ClassLabel> labels)
    {
        IReadOnlyList<ConfusedPair> pairs = Of(judgements);
        if (pairs.Count == 0)
            return "<p>No picture was answered wrongly.</p>";
        StringBuilder html = new("<table><tr><th class=name>is<th class=name>answered as<th>pictures<th class=name>share");
        foreach (ConfusedPair pair in pairs.Take(PairsShown))
        {
            double share = 100.0 * pair.Images / pair.Shown;
            html.Append(CultureInfo.InvariantCulture, $"\n<tr><td class=name>{Name(pair.Truth)}<td class=name>{Name(pair.Answer)}<td>{pair.Images} of {pair.Shown}");
            html.Append(CultureInfo.InvariantCulture, $"<td class=share><span style=\"width:{share:0}%\"></span>");
        }

        html.Append("</table>");
        if (pairs.Count > PairsShown)
            html.Append(CultureInfo.InvariantCulture, $"<p>{pairs.Count - PairsShown} more pairs with at most {pairs[PairsShown].Images} {(pairs[PairsShown].Images == 1 ? "picture" : "pictures")} each.</p>");
        return html.ToString();

        string Name(int index) => WebUtility.HtmlEncode(labels[index].Label);
    }
}
