using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeShelf.Fleet.Documents;

/// <summary>The hours of the day in which a device may change itself, in its local time. It may pass midnight.</summary>
/// <param name="From">The first minute.</param>
/// <param name="To">The first minute after it; it differs from <paramref name="From"/>.</param>
sealed partial record ApplyWindow(TimeOnly From, TimeOnly To)
{
    public const string Allowed = "two different times as \"02:00-05:00\"";

    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ApplyWindow? window)
    {
        window = null;
        if (!Form().IsMatch(text)
            || !TimeOnly.TryParseExact(text[..5], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly from)
            || !TimeOnly.TryParseExact(text[6..], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly to)
            || from == to)
        {
            return false;
        }
        window = new ApplyWindow(from, to);
        return true;
    }

    /// <summary>Whether a local time lies in the window. <see cref="TimeOnly.IsBetween"/> counts past midnight if the end lies before the start.</summary>
    public bool Contains(TimeOnly local) => local.IsBetween(From, To);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From:HH\\:mm}-{To:HH\\:mm}");

    [GeneratedRegex(@"\A[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}\z")]
    private static partial Regex Form();
}
