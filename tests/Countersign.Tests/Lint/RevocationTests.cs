namespace Countersign.Tests.Lint;

public sealed class RevocationTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly Tested _gate = new();

    [Fact, Warns("lint/crl-missing")]
    public void An_authority_without_a_list_is_told() =>
        Said(Tested.Root.Crl()).ShouldBeOnPage("lint/crl-missing").ShouldBe(
            $"""
            countersign: [warn] "CN=Issuing" (certificate 1) in {_gate.File("bundle.pem")} has no list in {_gate.File("lists.pem")}: all clients below are refused (3:unable to get certificate CRL) (lint/crl-missing, server "gate.example.com") in {_gate.Path}/nginx.conf:5
              Append its current list, also when it has revoked nobody:
                  openssl crl -in new.crl >> {_gate.File("lists.pem")}

            """);

    [Fact, Quiet("lint/crl-missing")]
    public void A_list_for_every_authority_is_fine() => Said(Tested.Root.Crl() + Tested.Issuing.Crl()).ShouldBeEmpty();

    [Fact, Quiet("lint/crl-missing")]
    public void Without_ssl_crl_nobody_needs_a_list() => _gate.Http(Tested.Gate("gate.example.com")).ShouldBeEmpty();

    [Fact, Warns("lint/crl-expired")]
    public void A_list_that_ended_is_told() =>
        Said(Tested.Root.Crl() + Tested.Issuing.Crl(thisUpdate: Now.AddDays(-30), nextUpdate: Now.AddDays(-1))).ShouldBeOnPage("lint/crl-expired").ShouldContain(
            $"in {_gate.File("lists.pem")} ended: all clients below are refused (12:CRL has expired) (lint/crl-expired, server \"gate.example.com\") in {_gate.Path}/nginx.conf:5\n");

    [Fact]
    public void A_reload_is_of_the_configuration_that_was_tested() =>
        Said(Tested.Root.Crl() + Tested.Issuing.Crl(thisUpdate: Now.AddDays(-30), nextUpdate: Now.AddDays(-1)))
            .ShouldContain($"\n      countersign -s reload -p {_gate.Path}/ -c {_gate.Path}/nginx.conf -g 'pid gate.pid;'\n");

    [Fact, Warns("lint/crl-expired")]
    public void A_successor_that_has_not_begun_does_not_help_yet() =>
        Said(Tested.Root.Crl() + Tested.Issuing.Crl(thisUpdate: Now.AddDays(-30), nextUpdate: Now.AddDays(-1)) + Tested.Issuing.Crl(thisUpdate: Now.AddDays(1), number: 2))
            .ShouldContain("(lint/crl-expired, ");

    [Fact, Quiet("lint/crl-expired")]
    public void A_list_that_ended_may_lie_beside_its_successor() =>
        Said(Tested.Root.Crl() + Tested.Issuing.Crl(thisUpdate: Now.AddDays(-30), nextUpdate: Now.AddDays(-1)) + Tested.Issuing.Crl(number: 2)).ShouldBeEmpty();

    [Fact, Quiet("lint/crl-expired")]
    public void A_list_of_somebody_else_may_have_ended() =>
        Said(Tested.Root.Crl() + Tested.Issuing.Crl() + Identity.SelfSigned("CN=Other").Crl(thisUpdate: Now.AddDays(-30), nextUpdate: Now.AddDays(-1))).ShouldBeEmpty();

    [Fact, Warns("lint/crl-ends-soon")]
    public void A_list_with_less_than_a_day_left_is_told() =>
        Ending(5 * 24, 20).ShouldBeOnPage("lint/crl-ends-soon").ShouldContain(" left, under 24 hours) in ");

    [Theory, Warns("lint/crl-ends-soon")]
    [InlineData(30 * 24, 2 * 24)]
    [InlineData(24, 2)]
    public void A_list_with_less_than_a_tenth_left_is_told(int hours, int left) => Ending(hours, left).ShouldContain(" left, under a tenth of its time) in ");

    [Theory, Quiet("lint/crl-ends-soon")]
    [InlineData(30 * 24, 4 * 24)]
    [InlineData(24, 20)]
    [InlineData(48, 23)]
    public void A_list_that_is_made_anew_every_day_ends_soon_every_day(int hours, int left) => Ending(hours, left).ShouldBeEmpty();

    [Fact, Quiet("lint/crl-ends-soon")]
    public void The_next_list_may_be_there_already() =>
        Said(Tested.Root.Crl() + Tested.Issuing.Crl(thisUpdate: Now.AddDays(-29), nextUpdate: Now.AddDays(1)) + Tested.Issuing.Crl(number: 2)).ShouldBeEmpty();

    private string Ending(int hours, int left) =>
        Said(Tested.Root.Crl() + Tested.Issuing.Crl(thisUpdate: Now.AddHours(left - hours), nextUpdate: Now.AddHours(left)));

    private string Said(string lists)
    {
        _gate.Write("lists.pem", lists);
        return _gate.Http(Tested.Gate("gate.example.com", "ssl_crl lists.pem;\nlocation / { proxy_pass http://127.0.0.1:8080; }"));
    }

    public void Dispose() => _gate.Dispose();
}
