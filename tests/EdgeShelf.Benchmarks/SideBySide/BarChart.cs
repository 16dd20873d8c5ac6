using System.Globalization;
using System.Xml.Linq;

namespace EdgeShelf.Benchmarks.SideBySide;

/// <summary>Draws a metric as horizontal bars. The colours follow the reader's light or dark page.</summary>
static class BarChart
{
    const int Width = 640;
    const int Left = 190;
    const int RoomForValue = 70;
    const int Top = 44;
    const int Row = 30;
    const int Bar = 20;

    static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    const string Style = """
        text { font: 14px system-ui, sans-serif; fill: #1f2328 }
        .title { font-weight: 600 }
        .name { text-anchor: end }
        .bar { fill: #8c959f }
        .ours { fill: #1a7f37 }
        @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .bar { fill: #6e7681 } .ours { fill: #3fb950 } }
        """;

    public static XDocument Draw(Metric metric, string setting, IReadOnlyList<Figures> all)
    {
        Figures[] shown = [.. all.Where(figures => metric.Value(figures) is not null)];
        double highest = shown.Max(figures => metric.Value(figures)!.Value);
        string title = $"{metric.Title}; {setting} ({(metric.MoreIsBetter ? "more" : "less")} is better)";
        return new XDocument(new XElement(
            Svg + "svg",
            new XAttribute("viewBox", $"0 0 {Width} {Top + shown.Length * Row + 8}"), new XAttribute("width", Width), new XAttribute("role", "img"),
            new XElement(Svg + "title", title),
            new XElement(Svg + "style", Style),
            new XElement(Svg + "text", new XAttribute("class", "title"), new XAttribute("x", 8), new XAttribute("y", 24), title),
            shown.SelectMany((figures, index) => Line(metric, figures, Top + index * Row, highest))));
    }

    static IEnumerable<XElement> Line(Metric metric, Figures figures, int y, double highest)
    {
        double length = metric.Value(figures)!.Value / highest * (Width - Left - RoomForValue);
        int baseline = y + Bar * 3 / 4;
        yield return new XElement(Svg + "text", new XAttribute("class", "name"), new XAttribute("x", Left - 8), new XAttribute("y", baseline), figures.Title);
        yield return new XElement(
            Svg + "rect", new XAttribute("class", figures.Key == Contender.Ours ? "ours" : "bar"), new XAttribute("x", Left), new XAttribute("y", y),
            new XAttribute("width", Text(Math.Max(1, length))), new XAttribute("height", Bar), new XAttribute("rx", 2));
        yield return new XElement(Svg + "text", new XAttribute("x", Text(Left + length + 8)), new XAttribute("y", baseline), metric.Text(figures));
    }

    static string Text(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
