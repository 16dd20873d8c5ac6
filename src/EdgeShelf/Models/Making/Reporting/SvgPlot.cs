using System.Globalization;
using System.Text;

namespace EdgeShelf.Models.Making.Reporting;

/// <summary>Draws a plot of the unit square as SVG. x and y are from 0 to 1, and the origin is at the lower left.</summary>
sealed class SvgPlot
{
    const int Side = 360;
    const int Margin = 48;

    readonly StringBuilder _svg = new();

    /// <param name="top">The value at the upper end of the vertical axis.</param>
    public SvgPlot(string title, string across, string up, double top = 1)
    {
        Top = top;
        int size = Side + (2 * Margin);
        Append($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}" font-family="sans-serif" font-size="12" role="img">""");
        Append($"""<title>{title}</title><rect width="100%" height="100%" fill="white"/>""");
        for (int tick = 0; tick <= 5; tick++)
        {
            double part = tick / 5.0;
            Append($"""<line x1="{X(part):0.#}" y1="{Y(0):0.#}" x2="{X(part):0.#}" y2="{Y(top):0.#}" stroke="#ddd"/><line x1="{X(0):0.#}" y1="{Y(part * top):0.#}" x2="{X(1):0.#}" y2="{Y(part * top):0.#}" stroke="#ddd"/>""");
            Append($"""<text x="{X(part):0.#}" y="{Y(0) + 16:0.#}" text-anchor="middle">{part:0.0}</text><text x="{X(0) - 6:0.#}" y="{Y(part * top) + 4:0.#}" text-anchor="end">{part * top:0.00}</text>""");
        }

        Append($"""<text x="{size / 2}" y="20" text-anchor="middle" font-size="14" font-weight="bold">{title}</text>""");
        Append($"""<text x="{size / 2}" y="{size - 10}" text-anchor="middle">{across}</text><text transform="translate(14 {size / 2}) rotate(-90)" text-anchor="middle">{up}</text>""");
    }

    double Top { get; }

    public SvgPlot Bar(double from, double to, double height, string tip)
    {
        Append($"""<rect x="{X(from) + 1:0.#}" y="{Y(height):0.#}" width="{X(to) - X(from) - 2:0.#}" height="{Y(0) - Y(height):0.#}" fill="#4a7ebb"><title>{tip}</title></rect>""");
        return this;
    }

    public SvgPlot Line(IEnumerable<(double X, double Y)> points, string color, bool dashed = false)
    {
        string path = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):0.#},{Y(Math.Min(point.Y, Top)):0.#}")));
        Append($"""<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"{(dashed ? " stroke-dasharray=\"5 4\"" : "")}/>""");
        return this;
    }

    public override string ToString() => _svg + "</svg>\n";

    static double X(double value) => Margin + (value * Side);

    double Y(double value) => Margin + Side - (value / Top * Side);

    void Append(FormattableString markup) => _svg.Append(FormattableString.Invariant(markup)).Append('\n');
}
