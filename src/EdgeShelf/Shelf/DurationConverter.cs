using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace EdgeShelf.Shelf;

/// <summary>Has whoever converts a text to a <see cref="TimeSpan"/> in this process, the binder of settings above all, use <see cref="Duration"/>.</summary>
sealed class DurationConverter : TimeSpanConverter
{
    /// <exception cref="FormatException">The text is no duration; the message says what to write.</exception>
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => value is not string text
        ? base.ConvertFrom(context, culture, value)
        : Duration.TryParse(text, out TimeSpan duration, out string? problem) ? duration : throw new FormatException(problem);

    // The binder offers no place for a converter of its own. Registered with the module, it holds for the service, for every verb and for tests alike.
    [ModuleInitializer]
    internal static void Register() => TypeDescriptor.AddAttributes(typeof(TimeSpan), new TypeConverterAttribute(typeof(DurationConverter)));
}
