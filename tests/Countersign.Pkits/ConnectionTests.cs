namespace Countersign.Pkits;

/// <summary>What <see cref="Visits"/> says of each case.</summary>
public sealed class ConnectionTests(Ground ground, Visits visits) : IClassFixture<Visits>
{
    public static TheoryData<string> Numbers => [.. Expectation.All.Select(one => one.Number).Where(number => number != Visits.WithoutKey)];

    [Theory, MemberData(nameof(Numbers))]
    public async Task Both_servers_give_a_client_the_same_answer_and_the_gate_s_record_names_the_defect(string number)
    {
        ground.Require();
        var expected = Expectation.Of(number);
        var visit = (await visits.All)[number];
        var answer = expected.Error == 0 ? "HTTP/1.1 200 " : "HTTP/1.1 400 ";
        visit.NginxAnswer.ShouldStartWith(answer);
        visit.Answer.ShouldStartWith(answer);
        (visit.Error, visit.Id).ShouldBe((expected.Error, expected.Id), $"{expected.Message}: {expected.Because}");
        visit.Line.ShouldBe(visit.NginxLine);
        visit.Answer.Contains($"<center>incident {visit.Incident}</center>", StringComparison.Ordinal).ShouldBe(expected.Error != 0);
    }

    [Fact]
    public async Task A_key_that_no_server_reads_ends_the_handshake_and_the_record_names_the_same_defect()
    {
        ground.Require();
        var visit = (await visits.All)[Visits.WithoutKey];
        visit.NginxAnswer.ShouldStartWith("alert ");
        visit.Answer.ShouldBe(visit.NginxAnswer);
        visit.NginxLine.ShouldStartWith("SSL_do_handshake() failed (SSL: error:03000072:digital envelope routines::decode error");
        visit.Line.ShouldBe(visit.NginxLine);
        visit.Id.ShouldBe(Expectation.Of(Visits.WithoutKey).Id);
    }
}
