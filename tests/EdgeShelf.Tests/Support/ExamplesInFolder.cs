using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Store;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Support;

/// <summary>A real store of examples in a temporary folder, and what a test may turn: the clock, the bounds, the model in use.</summary>
sealed class ExamplesInFolder : IDisposable
{
    public const string Model = "model-1";

    readonly TemporaryFolder _folder = new();

    public ExamplesInFolder(TeachingOptions? options = null)
    {
        Options = options ?? new TeachingOptions();
        Store = Open();
    }

    public TeachingOptions Options { get; }
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 25, 8, 30, 0, TimeSpan.Zero));
    public string? ModelInUse { get; set; } = Model;
    public TaughtProducts Taught { get; private set; } = new();
    public ExampleStore Store { get; private set; }
    public string Folder => _folder.Path;
    public string File(string name) => _folder.File(name);

    /// <summary>As after a restart of the process.</summary>
    public ExampleStore Reopen()
    {
        Store.Dispose();
        return Store = Open();
    }

    /// <summary>As another process opens it: with another set of taught products.</summary>
    public ExampleStore OpenOther() => new(Folder, Options, Clock, () => ModelInUse, new TaughtProducts(), NullLogger<ExampleStore>.Instance);

    /// <summary>An example whose descriptor points where the seed says.</summary>
    public NewExample Example(string label, string? slot = "1-01", int seed = 1, string model = Model)
    {
        byte[] crop = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"crop {seed}"));
        return new NewExample(label, slot, Clock.GetUtcNow(), ExampleSources.Http, crop, Convert.ToHexStringLower(SHA256.HashData(crop)), model, Descriptor(seed));
    }

    public static CompactDescriptor Descriptor(int seed)
    {
        Random random = new(seed);
        float[] values = [.. Enumerable.Range(0, 64).Select(_ => random.NextSingle())];
        return CompactDescriptor.Of(values);
    }

    /// <returns>The id of the example.</returns>
    public long Add(string label, string? slot = "1-01", int seed = 1) => Add(Example(label, slot, seed)).Added[0].Id;

    public ExampleChange Add(params NewExample[] examples) =>
        Store.Change(StepKinds.Add, _ => new ExamplePlan("Added.", [.. examples.Select(example => new ExampleEdit.Add(example))]));

    public ExampleChange Edit(params ExampleEdit[] edits) => Store.Change(StepKinds.Remove, _ => new ExamplePlan("Edited.", edits));

    /// <summary>Each row of examples, crops and products with all its bytes, read past the store.</summary>
    public IReadOnlyList<string> Rows() => RowsOf(Folder);

    public static IReadOnlyList<string> RowsOf(string folder)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(folder, ExampleStore.FileName)};Pooling=false");
        connection.Open();
        List<string> rows = [];
        foreach (string table in (string[])["example", "crop", "product"])
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table} ORDER BY 1";
            using SqliteDataReader row = command.ExecuteReader();
            while (row.Read())
            {
                rows.Add(table + ": " + string.Join(" | ", Enumerable.Range(0, row.FieldCount).Select(column => row.GetValue(column) switch
                {
                    byte[] bytes => Convert.ToHexString(bytes),
                    double number => BitConverter.DoubleToInt64Bits(number).ToString(CultureInfo.InvariantCulture),
                    DBNull => "null",
                    object value => Convert.ToString(value, CultureInfo.InvariantCulture),
                })));
            }
        }
        return rows;
    }

    public static Product Product(string label, string? name = null) => new(label, name, null, null);

    public void Dispose()
    {
        Store.Dispose();
        _folder.Dispose();
    }

    ExampleStore Open()
    {
        ExampleStore store = new(Folder, Options, Clock, () => ModelInUse, Taught, NullLogger<ExampleStore>.Instance);
        store.Open();
        return store;
    }
}
