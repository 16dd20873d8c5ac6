using System.Globalization;
using System.Net;
using System.Text;
using EdgeShelf.Models.Making.Evaluation;
using EdgeShelf.Pictures;
using EdgeShelf.Shelf;
using SkiaSharp;

namespace EdgeShelf.Models.Making.Reporting;

/// <summary>Writes `index.html`, which needs no other file, and its two diagrams as separate SVG files.</summary>
static class EvaluationReport
{
    const int MistakesShown = 60;
    const int ThumbnailSide = 128;

    // Narrow screens get the same page: tables scroll in their own boxes, and diagrams shrink.
    const string Style = """
        :root{color-scheme:light dark;--line:#ddd;--wrong:#c8453a}
        @media (prefers-color-scheme:dark){:root{--line:#444;--wrong:#e0695f}}
        body{font:15px/1.4 system-ui,sans-serif;margin:0 auto;padding:1rem;max-width:1200px}
        h1{font-size:1.4rem}h2{font-size:1.15rem;margin-top:2rem}
        .plots{display:flex;flex-wrap:wrap;gap:1rem}.plots svg{max-width:100%;height:auto}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse}td,th{padding:3px 8px;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
        .name{text-align:left;white-space:normal;overflow-wrap:break-word}
        .share{width:8rem;min-width:3rem}.share span{display:block;height:.7rem;background:var(--wrong)}
        @media (max-width:600px){td,th{padding:3px 5px}.share{width:2.5rem;min-width:2.5rem}body{font-size:14px}}
        .mistakes{display:grid;grid-template-columns:repeat(auto-fill,minmax(136px,1fr));gap:.8rem}
        figure{margin:0;font-size:12px;overflow-wrap:anywhere}figure img{width:128px;height:128px}
        """;

    /// <exception cref="EdgeShelfException">The folder cannot be written.</exception>
    public static void Write(string folder, LoadedModel model, string data, IReadOnlyList<Judgement> judgements, Strangers? strangers = null)
    {
        Reliability reliability = Reliability.Of(judgements);
        string reliabilitySvg = EvaluationPlots.Reliability(reliability);
        string riskSvg = EvaluationPlots.RiskCoverage(RiskCoverage.Of(judgements), ReviewShare.Of(judgements, model.Manifest.Review));
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "reliability.svg"), reliabilitySvg);
            File.WriteAllText(Path.Combine(folder, "risk-coverage.svg"), riskSvg);
            File.WriteAllText(Path.Combine(folder, "index.html"), Page(model, data, judgements, strangers, reliabilitySvg + riskSvg));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EdgeShelfException($"The report cannot be written: {problem.Message}", "Name a folder that can be written to.", problem);
        }
    }

    /// <summary>What was measured about strangers, for the report and the terminal.</summary>
    public static string Sentence(Strangers strangers) => string.Create(
        CultureInfo.InvariantCulture,
        $"At the {strangers.By} that keeps {Percent(Strangers.Kept)} of the known pictures ({strangers.Threshold:0.000}), {Percent(strangers.Accepted)} of {strangers.Images} pictures of strangers pass.");

    static string Page(LoadedModel model, string data, IReadOnlyList<Judgement> judgements, Strangers? strangers, string plots)
    {
        Metrics metrics = Metrics.Of(judgements);
        ReviewShare review = ReviewShare.Of(judgements, model.Manifest.Review);
        string title = WebUtility.HtmlEncode($"{model.Manifest.Name} {model.Manifest.Version} on {data}");
        StringBuilder html = new($"""<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content="width=device-width"><title>{title}</title><style>{Style}</style><h1>{title}</h1>""");
        html.Append('\n');
        html.Append(CultureInfo.InvariantCulture, $"<p>{metrics.Images} pictures: top-1 {Percent(metrics.Top1)}, top-3 {Percent(metrics.Top3)}, calibration error {Percent(metrics.Ece)}. ");
        html.Append(CultureInfo.InvariantCulture, $"{Percent(review.Review)} would go to review; of the rest {Percent(review.Accuracy)} are right.{(strangers is null ? "" : " " + Sentence(strangers))}</p>\n<div class=plots>{plots}</div>\n");
        html.Append("<h2>Most confused</h2>\n<div class=scroll>").Append(ConfusedPair.ToHtml(judgements, model.Labels)).Append("</div>\n");
        html.Append("<h2>By class, worst first</h2>\n<div class=scroll><table><tr><th class=name>class<th>pictures<th>top-1<th>top-3");
        foreach (ClassMetrics row in metrics.Classes.OrderBy(row => row.Top1).ThenBy(row => row.Class))
            html.Append(CultureInfo.InvariantCulture, $"\n<tr><td class=name>{WebUtility.HtmlEncode(model.Labels[row.Class].Label)}<td>{row.Images}<td>{Percent(row.Top1)}<td>{Percent(row.Top3)}");
        html.Append("</table></div>\n<h2>Worst mistakes: wrong and surest</h2>\n<div class=mistakes>\n");
        foreach (Judgement mistake in judgements.Where(judgement => !judgement.IsRight).OrderByDescending(judgement => judgement.Confidence).Take(MistakesShown))
            html.Append(Figure(mistake, model));
        return html.Append("</div></html>\n").ToString();
    }

    static string Figure(Judgement mistake, LoadedModel model)
    {
        byte[] jpeg = Thumbnail(PictureCrop.Read(mistake.Picture.Path, model.Preprocessor), model.Manifest.Input.Crop);
        string Label(int index) => WebUtility.HtmlEncode(model.Labels[index].Label);
        return string.Create(CultureInfo.InvariantCulture,
            $"<figure><img src=\"data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}\" alt=\"\"><figcaption>{Label(mistake.Top[0])} {mistake.Confidence:0.00}<br>is {Label(mistake.Truth)}<br>{WebUtility.HtmlEncode(Path.GetFileName(mistake.Picture.Path))}</figcaption></figure>\n");
    }

    static byte[] Thumbnail(byte[] rgb, int side)
    {
        using SKBitmap bitmap = new(new SKImageInfo(side, side, SKColorType.Rgb888x, SKAlphaType.Opaque));
        Span<byte> pixels = bitmap.GetPixelSpan();
        for (int pixel = 0; pixel < side * side; pixel++)
            rgb.AsSpan(pixel * 3, 3).CopyTo(pixels[(pixel * Picture.BytesPerPixel)..]);
        using SKBitmap small = bitmap.Resize(new SKImageInfo(ThumbnailSide, ThumbnailSide), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using SKData data = small.Encode(SKEncodedImageFormat.Jpeg, 80);
        return data.ToArray();
    }

    static string Percent(double rate) => string.Create(CultureInfo.InvariantCulture, $"{rate * 100:0.0} %");
}
