using System.Text;
using Countersign.Configuration;
using Countersign.Proxy.Request;
using Countersign.Proxy.Route;

namespace Countersign.Proxy.Tests.Route;

public sealed class PreconditionsTests
{
    private const long Written = 1767323045;

    [Theory]
    [InlineData("Fri, 02 Jan 2026 03:04:05 GMT")]
    [InlineData("Friday, 02-Jan-26 03:04:05 GMT")]
    [InlineData("Fri Jan  2 03:04:05 2026")]
    [InlineData("Fri Jan 02 03:04:05 2026")]
    public void Three_forms_of_a_date_are_read(string text) => HttpTime.Parse(Encoding.ASCII.GetBytes(text)).ShouldBe(Written);

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("Fri, 32 Jan 2026 03:04:05 GMT")]
    [InlineData("Fri, 29 Feb 2026 03:04:05 GMT")]
    [InlineData("Fri, 02 Xxx 2026 03:04:05 GMT")]
    [InlineData("Fri, 02 Jan 2026 24:04:05 GMT")]
    [InlineData("Fri, 02 Jan 2026 03:04")]
    [InlineData("Fri Jan  2 03:04:05 26")]
    public void What_is_no_date_is_none(string text) => HttpTime.Parse(Encoding.ASCII.GetBytes(text)).ShouldBe(-1);

    [Theory]
    [InlineData(IfModifiedSince.Exact, "Fri, 02 Jan 2026 03:04:05 GMT", false)]
    [InlineData(IfModifiedSince.Exact, "Fri, 02 Jan 2026 03:04:06 GMT", true)]
    [InlineData(IfModifiedSince.Before, "Fri, 02 Jan 2026 03:04:06 GMT", false)]
    [InlineData(IfModifiedSince.Before, "Fri, 02 Jan 2026 03:04:04 GMT", true)]
    [InlineData(IfModifiedSince.Off, "Fri, 02 Jan 2026 03:04:05 GMT", true)]
    public void If_modified_since_is_judged_as_told(IfModifiedSince mode, string since, bool modified) =>
        Preconditions.IsModified(Encoding.ASCII.GetBytes(since), Written, mode).ShouldBe(modified);

    [Theory]
    [InlineData("Fri, 02 Jan 2026 03:04:05 GMT", true)]
    [InlineData("Fri, 02 Jan 2026 03:04:04 GMT", false)]
    [InlineData("never", false)]
    public void If_unmodified_since_wants_nothing_newer(string since, bool unmodified) =>
        Preconditions.IsUnmodified(Encoding.ASCII.GetBytes(since), Written).ShouldBe(unmodified);

    [Theory]
    [InlineData("*", true, true)]
    [InlineData("\"a\"", true, true)]
    [InlineData("\"x\", \"a\"", true, true)]
    [InlineData("\"a\" , \"x\"", true, true)]
    [InlineData("W/\"a\"", true, true)]
    [InlineData("W/\"a\"", false, false)]
    [InlineData("\"ab\"", true, false)]
    [InlineData("\"a\"b", true, false)]
    [InlineData("", true, false)]
    public void An_entity_tag_is_found_in_a_list(string list, bool weak, bool matches) =>
        Preconditions.Matches(Encoding.ASCII.GetBytes(list), new Bytes("\"a\""u8.ToArray()), weak).ShouldBe(matches);

    [Fact]
    public void Without_an_entity_tag_only_the_star_matches()
    {
        Preconditions.Matches("*"u8, default, weak: true).ShouldBeTrue();
        Preconditions.Matches("\"a\""u8, default, weak: true).ShouldBeFalse();
    }
}
