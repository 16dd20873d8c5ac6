using System.Globalization;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Fleet;

/// <summary>What `missing_now` and `restocked` of the samples say of devices that were set up again or got other places.</summary>
public sealed class FleetViewsTests
{
    const string Old = "00000000-0000-0000-0000-000000000001", New = "00000000-0000-0000-0000-000000000002";

    static readonly string Samples = Path.Combine(Checkout.Root, "scripts", "samples");

    /// <summary>The tables of the fleet and those of a shop have the same rules.</summary>
    [Theory]
    [InlineData("fleet")]
    [InlineData("postgresql")]
    public void APlaceOfAnOldInstallationIsNotMissingNow(string sample)
    {
        using PostgreSql database = Tables(sample);
        Result(database, Old, 1, hoursAgo: 30, """1-01 oat-milk match, 1-09 rice match""");
        Change(database, Old, 2, hoursAgo: 29, "1-09", "rice", "match", "empty");
        Result(database, Old, 3, hoursAgo: 28, """1-01 oat-milk match, 1-09 rice empty""");
        Assert.Equal("1-09|empty", Missing(database));

        Result(database, New, 1, hoursAgo: 2, "1-01 oat-milk match, 1-02 tea match");
        Assert.Equal("", Missing(database));

        Change(database, New, 2, hoursAgo: 1, "1-02", "tea", "match", "empty");
        Assert.Equal("1-02|empty", Missing(database));
        Assert.Equal("t", database.Query("SELECT since = (SELECT max(since) FROM slot_change) FROM missing_now"));
    }

    [Theory]
    [InlineData("fleet")]
    [InlineData("postgresql")]
    public void APlaceThatIsNoLongerDrawnOrHasAnotherProductFollowsTheNewestResult(string sample)
    {
        using PostgreSql database = Tables(sample);
        Change(database, Old, 2, hoursAgo: 29, "1-01", "oat-milk", "match", "empty");
        Change(database, Old, 3, hoursAgo: 28, "1-09", "rice", "match", "empty");
        Change(database, Old, 4, hoursAgo: 27, "1-04", "salt", "match", "empty");
        // A planogram gives 1-01 to another product, which is there from its first look, and expects nothing in 1-04; 1-09 is deleted.
        Result(database, Old, 5, hoursAgo: 5, "1-01 tea match, 1-02 soap match, 1-04 - unchecked");
        Assert.Equal("", Missing(database));

        // The first verdict of a place is told by results alone.
        Result(database, Old, 6, hoursAgo: 4, "1-01 tea mismatch, 1-02 soap match, 1-04 - unchecked");
        Assert.Equal("1-01|mismatch", Missing(database));
        Assert.Equal("", database.Query("SELECT since FROM missing_now"));
    }

    [Theory]
    [InlineData("fleet")]
    [InlineData("postgresql")]
    public void APlaceThatIsCoveredIsAsItsLastChangeSays(string sample)
    {
        using PostgreSql database = Tables(sample);
        Change(database, Old, 2, hoursAgo: 5, "1-01", "oat-milk", "match", "empty");
        Change(database, Old, 3, hoursAgo: 5, "1-02", "tea", "empty", "match");
        Result(database, Old, 4, hoursAgo: 4, "1-01 oat-milk covered, 1-02 tea covered");
        Assert.Equal("1-01|empty", Missing(database));

        // A clock that was wrong once must not hide what came after it.
        Result(database, Old, 5, hoursAgo: -24 * 400, "1-01 oat-milk match, 1-02 tea match");
        Assert.Equal("1-01|empty", Missing(database));
    }

    [Theory]
    [InlineData("fleet", "product")]
    [InlineData("postgresql", "expected")]
    public void AnotherProductInThePlaceIsNotTheReturnOfTheOneBefore(string sample, string product)
    {
        using PostgreSql database = Tables(sample);
        Change(database, Old, 1, hoursAgo: 9, "1-01", "oat-milk", "match", "empty");
        Change(database, Old, 2, hoursAgo: 8, "1-01", "tea", "empty", "match");
        Change(database, Old, 3, hoursAgo: 7, "1-01", "tea", "match", "empty");
        Change(database, Old, 4, hoursAgo: 5, "1-01", "tea", "empty", "match");

        Assert.Equal("tea", database.Query($"SELECT {product} FROM restocked"));
    }

    static PostgreSql Tables(string sample)
    {
        PostgreSql database = PostgreSql.Start();
        database.RunFile(Path.Combine(Samples, sample, "tables.sql"));
        return database;
    }

    static string Missing(PostgreSql database) => database.Query("SELECT slot, to_verdict FROM missing_now ORDER BY slot");

    /// <param name="places">The slot, the label or `-`, and the verdict of each place.</param>
    static void Result(PostgreSql database, string installation, int seq, double hoursAgo, string places) => Insert(
        database, installation, seq, hoursAgo, "result",
        $$$"""{"clock_synced":true,"slots":[{{{string.Join(',', places.Split(", ").Select(place => place.Split(' ')).Select(words => $$"""{"slot":"{{words[0]}}","expected":{{Expected(words[1])}},"verdict":"{{words[2]}}"}"""))}}}]}""");

    static void Change(PostgreSql database, string installation, int seq, double hoursAgo, string slot, string label, string from, string to) => Insert(
        database, installation, seq, hoursAgo, "event",
        $$$"""{"type":"slot-changed","clock_synced":true,"data":{"slot":"{{{slot}}}","from":"{{{from}}}","to":"{{{to}}}","expected":{{{Expected(label)}}},"since":"{{{TimeProvider.System.GetUtcNow().AddHours(-hoursAgo):O}}}"}}""");

    static string Expected(string label) => label == "-" ? "null" : $$"""{"label":"{{label}}","name":null,"sku":null}""";

    static void Insert(PostgreSql database, string installation, int seq, double hoursAgo, string kind, string document) => database.Query(string.Create(
        CultureInfo.InvariantCulture, $"INSERT INTO message VALUES ('{installation}', 'shelf-07-{seq}', 'shelf-07', {seq}, '{kind}', now() - interval '{hoursAgo} hours', now(), '{document}')"));
}
