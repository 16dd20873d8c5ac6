using System.Globalization;
using System.Text;

namespace EdgeShelf.Models.Making.Reporting;

/// <summary>Draws a plot of the unit square as SVG. x and y are from 0 to 1, and the origin is at the lower left.</summary>
sealed class SvgPlot
{
    const int Side = 360;
    const int Margin = 52;

    // In a file of its own and inside of the report, light and dark as the reader's system.
    const string Style = ".plot{font:12px system-ui,sans-serif}.plot .back{fill:#fff}.plot .grid{stroke:#ddd}.plot text{fill:#222}.plot .title{font-size:14px;font-weight:bold}.plot .small{font-size:9px}"
        + ".plot .bar{fill:#4a7ebb}.plot .curve{stroke:#4a7ebb}.plot .mark{stroke:#c33;stroke-dasharray:5 4}.plot polyline{fill:none;stroke-width:2}"
        + "@media (prefers-color-scheme:dark){.plot .back{fill:#1c1c1e}.plot .grid{stroke:#3a3a3c}.plot text{fill:#e8e8e8}.plot .bar{fill:#6f9fd8}.plot .curve{stroke:#6f9fd8}.plot .mark{stroke:#ff7b72}}";

    readonly StringBuilder _svg = new();

    /// <param name="top">The value at the upper end of the vertical axis.</param>
    public SvgPlot(string title, string across, string up, double top = 1)
    {
        Top = top;
        int size = Side + (2 * Margin);
        Append($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}" class="plot" role="img">""");
        Append($"""<title>{title}</title><style>{Style}</style><rect width="100%" height="100%" class="back"/>""");
        for (int tick = 0; tick <= 5; tick++)
        {
            double part = tick / 5.0;
            Append($"""<line x1="{X(part):0.#}" y1="{Y(0):0.#}" x2="{X(part):0.#}" y2="{Y(top):0.#}" class="grid"/><line x1="{X(0):0.#}" y1="{Y(part * top):0.#}" x2="{X(1):0.#}" y2="{Y(part * top):0.#}" class="grid"/>""");
            Append($"""<text x="{X(part):0.#}" y="{Y(0) + 16:0.#}" text-anchor="middle">{part:0.0}</text><text x="{X(0) - 6:0.#}" y="{Y(part * top) + 4:0.#}" text-anchor="end">{part * top:0.00}</text>""");
        }

        Append($"""<text x="{size / 2}" y="20" text-anchor="middle" class="title">{title}</text>""");
        Append($"""<text x="{size / 2}" y="{size - 10}" text-anchor="middle">{across}</text><text transform="translate(13 {size / 2}) rotate(-90)" text-anchor="middle">{up}</text>""");
    }

    double Top { get; }

    /// <param name="label">Stands above the bar.</param>
    /// <param name="tip">Appears when the pointer rests on the bar.</param>
    public SvgPlot Bar(double from, double to, double height, string label, string tip)
    {
        Append($"""<rect x="{X(from) + 1:0.#}" y="{Y(height):0.#}" width="{X(to) - X(from) - 2:0.#}" height="{Y(0) - Y(height):0.#}" class="bar"><title>{tip}</title></rect>""");
        Append($"""<text x="{X((from + to) / 2):0.#}" y="{Y(height) - 3:0.#}" text-anchor="middle" class="small">{label}</text>""");
        return this;
    }

    /// <summary>Draws a measured curve.</summary>
    public SvgPlot Curve(IEnumerable<(double X, double Y)> points) => Line(points, "curve");

    /// <summary>Draws a dashed line to compare with.</summary>
    public SvgPlot Mark(IEnumerable<(double X, double Y)> points) => Line(points, "mark");

    public override string ToString() => _svg + "</svg>\n";

    SvgPlot Line(IEnumerable<(double X, double Y)> points, string kind)
    {
        string path = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):0.#},{Y(Math.Min(point.Y, Top)):0.#}")));
        Append($"""<polyline points="{path}" class="{kind}"/>""");
        return this;
    }

    static double X(double value) => Margin + (value * Side);

    double Y(double value) => Margin + Side - (value / Top * Side);

    void Append(FormattableString markup) => _svg.Append(FormattableString.Invariant(markup)).Append('\n');
}
