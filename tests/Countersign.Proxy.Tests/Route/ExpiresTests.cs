using System.Text;
using Countersign.Configuration;
using Countersign.Proxy.Route;

namespace Countersign.Proxy.Tests.Route;

public sealed class ExpiresTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private const long LastWeek = 1766718245;

    [Theory]
    [InlineData(ExpiresKind.Epoch, 0, "Thu, 01 Jan 1970 00:00:01 GMT", "no-cache")]
    [InlineData(ExpiresKind.Max, 0, "Thu, 31 Dec 2037 23:55:55 GMT", "max-age=315360000")]
    [InlineData(ExpiresKind.Access, 0, "Fri, 02 Jan 2026 03:04:05 GMT", "max-age=0")]
    [InlineData(ExpiresKind.Access, 3600, "Fri, 02 Jan 2026 04:04:05 GMT", "max-age=3600")]
    [InlineData(ExpiresKind.Access, -1, "Fri, 02 Jan 2026 03:04:04 GMT", "no-cache")]
    [InlineData(ExpiresKind.Modified, 3600, "Fri, 26 Dec 2025 04:04:05 GMT", "no-cache")]
    [InlineData(ExpiresKind.Modified, 8 * 86400, "Sat, 03 Jan 2026 03:04:05 GMT", "max-age=86400")]
    [InlineData(ExpiresKind.Daily, 4 * 3600, "Fri, 02 Jan 2026 04:00:00 GMT", "max-age=3355")]
    [InlineData(ExpiresKind.Daily, 3 * 3600, "Sat, 03 Jan 2026 03:00:00 GMT", "max-age=86155")]
    public void Each_kind_counts_from_its_own_moment(ExpiresKind kind, long seconds, string expires, string cacheControl) =>
        Expires.Lines(kind, seconds, LastWeek, Now, TimeZoneInfo.Utc).ShouldBe((expires, cacheControl));

    [Fact]
    public void Without_a_last_change_modified_counts_from_now() =>
        Expires.Lines(ExpiresKind.Modified, 60, -1, Now, TimeZoneInfo.Utc).CacheControl.ShouldBe("max-age=60");

    [Theory]
    [InlineData("epoch", ExpiresKind.Epoch, 0)]
    [InlineData("off", ExpiresKind.Off, 0)]
    [InlineData("5m", ExpiresKind.Access, 300)]
    [InlineData("+5m", ExpiresKind.Access, 300)]
    [InlineData("-1", ExpiresKind.Access, -1)]
    [InlineData("@15h30m", ExpiresKind.Daily, 55800)]
    public void A_variable_may_hold_what_the_directive_takes(string text, ExpiresKind expected, long expectedSeconds)
    {
        var kind = ExpiresKind.Access;
        Expires.TryParse(Encoding.ASCII.GetBytes(text), ref kind, out var seconds).ShouldBeTrue();
        (kind, seconds).ShouldBe((expected, expectedSeconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("@25h")]
    public void Anything_else_in_a_variable_has_no_effect(string text)
    {
        var kind = ExpiresKind.Access;
        Expires.TryParse(Encoding.ASCII.GetBytes(text), ref kind, out _).ShouldBeFalse();
    }
}
