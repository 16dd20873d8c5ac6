using System.Globalization;
using System.Net;
using EdgeShelf.Platform;
using EdgeShelf.Tests.Support;
using EdgeShelf.Web;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Web;

public sealed class FailedLoginsTests : IDisposable
{
    static readonly IPAddress Stranger = IPAddress.Parse("192.168.1.7");

    readonly FakeTimeProvider _clock = new();
    readonly ListLogger<WebServer> _log = new();
    readonly FailedLogins _failures;

    public FailedLoginsTests() => _failures = new FailedLogins(_clock, _log);

    public void Dispose() => _failures.Dispose();

    [Theory]
    [InlineData("192.168.1.7", 8)]
    [InlineData("::ffff:192.168.1.7", 8)]
    [InlineData("2001:db8::7", 8)]
    [InlineData("127.0.0.1", 1)]
    [InlineData("::1", 1)]
    public void TheDelayGrowsToItsLimitAndIsForgottenInTime(string address, int longestSeconds)
    {
        IPAddress from = IPAddress.Parse(address);
        List<TimeSpan> delays = [];
        for (int i = 0; i < 1000; i++)
        {
            delays.Add(_failures.DelayOf(from));
            _failures.Failed(from);
        }

        Assert.All(delays[..FailedLogins.Free], delay => Assert.Equal(TimeSpan.Zero, delay));
        Assert.Equal(FailedLogins.FirstDelay, delays[FailedLogins.Free]);
        Assert.Equal(delays.Order(), delays);
        Assert.Equal(TimeSpan.FromSeconds(longestSeconds), delays[^1]);
        _clock.Advance(FailedLogins.ForgottenAfter);
        Assert.Equal(TimeSpan.Zero, _failures.DelayOf(from));
    }

    [Fact]
    public void OneAddressSlowsNoOtherAndTheRightTokenEndsTheDelay()
    {
        Fail(Stranger, 10);

        Assert.Equal(TimeSpan.Zero, _failures.DelayOf(IPAddress.Parse("192.168.1.8")));
        _failures.Succeeded(Stranger);
        Assert.Equal(TimeSpan.Zero, _failures.DelayOf(Stranger));
    }

    [Fact]
    public void AHostCannotEscapeByChoosingAnotherAddressOfItsIpv6Network()
    {
        for (int i = 0; i < 10; i++)
            _failures.Failed(IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"2001:db8::{i:x}")));

        Assert.NotEqual(TimeSpan.Zero, _failures.DelayOf(IPAddress.Parse("2001:db8::ffff:1")));
        Assert.Equal(TimeSpan.Zero, _failures.DelayOf(IPAddress.Parse("2001:db8:0:1::1")));
    }

    [Fact]
    public void TheAddressWhoseLastFailureIsOldestMakesRoom()
    {
        Fail(Stranger, 10);
        for (int i = 0; i < FailedLogins.MaxAddresses; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            Fail(new IPAddress([10, 0, (byte)(i >> 8), (byte)i]), 10);
        }

        Assert.Equal(TimeSpan.Zero, _failures.DelayOf(Stranger));
        Assert.NotEqual(TimeSpan.Zero, _failures.DelayOf(IPAddress.Parse("10.0.0.0")));
    }

    [Fact]
    public void OneLineAMinuteSaysHowManyThereWere()
    {
        Fail(Stranger, 4870);
        Assert.Single(_log.Lines, line => line.Contains("A wrong token or code was sent to the page from 192.168.1.7; 1 in all since the last such line", StringComparison.Ordinal));
        _clock.Advance(CountedLine.WrittenEvery);
        Assert.Equal(2, _log.Lines.Count);
        Assert.Contains("; 4869 in all since", _log.Lines[1], StringComparison.Ordinal);

        _clock.Advance(CountedLine.WrittenEvery);
        _clock.Advance(CountedLine.WrittenEvery);
        Assert.Equal(2, _log.Lines.Count);
        Fail(Stranger, 1);
        Assert.Equal(3, _log.Lines.Count);
    }

    void Fail(IPAddress address, int times)
    {
        for (int i = 0; i < times; i++)
            _failures.Failed(address);
    }
}
